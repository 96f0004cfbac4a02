import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type FoundProgram, findProgram } from './find-program.js';

/** What of this system decides how capturing can be allowed. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly user: string;
  readonly isRoot: boolean;
  readonly dumpcap: FoundProgram | undefined;
  /** The group that dumpcap belongs to. */
  readonly dumpcapGroup: string | undefined;
  readonly tcpdump: FoundProgram | undefined;
  /** Debian's package asks who may capture. */
  readonly isDebian: boolean;
}

const CAPABILITIES = 'cap_net_raw,cap_net_admin=eip';

/** What to do, on this very system, so that this user may capture; a line each. */
export function permissionHints(system: Surroundings): readonly string[] {
  const { platform, user, isRoot, dumpcap, dumpcapGroup, tcpdump, isDebian } = system;
  if (isRoot) {
    return ['root may not capture here: give the container or service the capabilities NET_RAW and NET_ADMIN'];
  }
  const once = 'or, for once: run it with sudo';
  if (platform === 'darwin') return ['to allow it: install ChmodBPF, which comes with Wireshark', once];
  const join = (group: string) => `sudo usermod -aG ${group} ${user}, then log in again`;
  if (dumpcap && !dumpcap.mayRun) return [`to allow it: ${join(dumpcapGroup ?? 'wireshark')}`, once];
  if (dumpcap && isDebian) {
    return [`to allow it: sudo dpkg-reconfigure wireshark-common (answer yes), then ${join('wireshark')}`, once];
  }
  const program = dumpcap ?? tcpdump;
  if (program) return [`to allow it: sudo setcap ${CAPABILITIES} ${program.path}`, once];
  return [once.replace('or, for once: ', 'to allow it: ')];
}

/** What to install so that there is an engine. */
export function installHints({ platform, isDebian }: Pick<Surroundings, 'platform' | 'isDebian'>): readonly string[] {
  const what =
    platform === 'linux' && (isDebian || existsSync('/usr/bin/apt-get'))
      ? 'sudo apt-get install wireshark-common, or tcpdump'
      : "Wireshark's dumpcap, or tcpdump, or libpcap's headers and then npm install cap";
  return [`to capture, install: ${what}`];
}

/** What works where nothing can be captured. */
export const STILL_WORKS = 'captures and pipes can be read all the same: ssh HOST tcpdump -U -w - | handshark -';

/** Looks at this system. */
export function surroundings(): Surroundings {
  const dumpcap = findProgram('dumpcap');
  const { username, uid } = userOf();
  return {
    platform: process.platform,
    user: username,
    isRoot: uid === 0,
    dumpcap,
    dumpcapGroup: dumpcap && groupOf(dumpcap.path),
    tcpdump: findProgram('tcpdump'),
    isDebian: existsSync('/var/lib/dpkg/info/wireshark-common.config'),
  };
}

function userOf(): { readonly username: string; readonly uid: number } {
  try {
    return userInfo();
  } catch {
    // A number without a name.
    const uid = process.getuid?.() ?? -1;
    return { username: `${uid}`, uid };
  }
}

function groupOf(path: string): string | undefined {
  try {
    const { gid } = statSync(path);
    const lines = readFileSync('/etc/group', 'utf8').split('\n');
    return lines.find((line) => line.split(':')[2] === `${gid}`)?.split(':')[0];
  } catch {
    return undefined;
  }
}
