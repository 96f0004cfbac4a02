import { endpointText } from '../endpoint.js';
import type { ForgedEnd } from '../frames/forged-end.js';
import { FrameTapError } from '../io/frame-tap.js';
import { playOnInterface } from '../io/interface-play.js';
import { isOwnInterface } from '../io/own-network.js';
import { RawPortError } from '../io/raw-port.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { playOverUdp } from '../io/udp-play.js';
import type { Play } from '../script/play.js';
import type { CommandName, Script } from '../script/script.js';
import { CraftError } from './craft-error.js';
import { FloodGuard } from './flood.js';
import type { InterfaceIo } from './run-io.js';

/** Plays a script with a peer on the network. @throws {CraftError} if that cannot be done */
export type PlayOnNetwork = (script: Script, seed: number) => Promise<Play>;

type Tell = (text: string) => void;

const tellCommand = (tell: Tell) => (name: CommandName) => tell(`now the other peer should ${name} its channel`);

/** Plays scripts over UDP. */
export const udpPlayer =
  (signal: AbortSignal, tell: Tell): PlayOnNetwork =>
  async (script, seed) => {
    try {
      return await playOverUdp(script, seed, {
        signal,
        onListening: (address) => tell(`waiting at ${address} for the first packet`),
        onCommand: tellCommand(tell),
      });
    } catch (error) {
      if (!isRefusal(error) || script.target.kind === 'peer') throw error;
      throw new CraftError(`${endpointText(script.target)}: ${systemReason(error)}`, 1);
    }
  };

/** What an interface player needs. */
interface InterfacePlaying extends InterfaceIo {
  readonly yes: boolean;
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

/**
 * Plays scripts in whole frames on an interface, once it is known that no flood comes of it that is not meant.
 * @throws {CraftError} if it is not
 */
export async function interfacePlayer(
  scripts: readonly Script[],
  end: ForgedEnd,
  name: string,
  { tap, confirm, yes, signal, tell }: InterfacePlaying,
): Promise<PlayOnNetwork> {
  const guard = new FloodGuard({ name, isOwn: isOwnInterface(name) }, { yes, confirm });
  await guard.before({ by: 'nothing' }, packetsOf(scripts.flatMap(({ steps }) => steps)));
  return async (script, seed) => {
    try {
      const onCommand = tellCommand(tell);
      const { play, frames } = await playOnInterface(script, seed, { name, end, tap, signal, onCommand });
      const { sent, failed, problem = 'refused' } = frames;
      tell(
        `${sent} ${sent === 1 ? 'frame' : 'frames'} sent on ${name}${failed > 0 ? `, ${failed} not: ${problem}` : ''}`,
      );
      return failed > 0 && play.outcome.verdict === 'pass'
        ? withLost(play, `${name}: ${failed} frames were not sent: ${problem}`)
        : play;
    } catch (error) {
      if (error instanceof RawPortError || error instanceof FrameTapError) throw new CraftError(error.message, 1);
      throw error;
    }
  };
}

/** How many packets scripts send, if they come to their ends. */
const packetsOf = (steps: Script['steps']): number =>
  steps.reduce((sum, step) => (step.kind === 'send' ? sum + step.packet.times : sum), 0);

/** A play did not pass whose packets have not all left. */
const withLost = (play: Play, why: string): Play => ({ ...play, outcome: { verdict: 'unreachable', why } });
