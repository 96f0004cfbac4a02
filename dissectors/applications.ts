import { dns, llmnr, mdns } from './dns/dissect.js';
import type { Application } from './layer.js';
import { tlsApplication } from './tls/dissect.js';

/** Protocols over UDP and TCP that nothing else is found in. Each says itself what leads to it. */
export const APPLICATIONS: readonly Application[] = [
  // A line each: the order is that in which they look at what no port leads to.
  dns,
  mdns,
  llmnr,
  tlsApplication,
];
