import { capEngine } from './cap.js';
import { dumpcapEngine } from './dumpcap.js';
import { type CaptureEngine, ENGINE_NAMES, type EngineName } from './engine.js';
import { findProgram } from './find-program.js';
import { tcpdumpEngine } from './tcpdump.js';

const MAKE: Readonly<Record<EngineName, () => CaptureEngine>> = {
  dumpcap: () => dumpcapEngine(findProgram('dumpcap')),
  tcpdump: () => tcpdumpEngine(findProgram('tcpdump')),
  cap: () => capEngine(),
};

/** The engines to be tried, in order: the one that was named, or all. */
export const enginesFor = (wanted: EngineName | 'auto'): readonly CaptureEngine[] =>
  (wanted === 'auto' ? ENGINE_NAMES : [wanted]).map((name) => MAKE[name]());
