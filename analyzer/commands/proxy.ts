import { type Command, InvalidArgumentError, Option } from 'commander';
import { milliseconds, part, whole } from '../../crafter/commands/option-values.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { TIME_FORMATS } from '../print/time-format.js';
import type { Io } from './io.js';
import type { ProxyOptions, RuleWords } from './proxy-options.js';

/** Rules of one proxy: each is asked about every packet. */
const MOST_RULES = 1000;
/** Packets that a rule may be told to act on, or to skip. */
const MOST_TIMES = 1_000_000_000;
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark proxy`. Source: the page about the proxy. */
export function proxyCommand(program: Command, io: Io): void {
  const rules: RuleWords[] = [];
  const begin = (kind: RuleWords['kind']) => (text: string) => {
    if (rules.length >= MOST_RULES) throw new InvalidArgumentError(`no more than ${MOST_RULES} rules`);
    rules.push({ kind, text });
    return text;
  };
  const last = (): RuleWords => {
    const rule = rules.at(-1);
    if (!rule) throw new InvalidArgumentError('it belongs to a rule before it, such as --drop FILTER');
    return rule;
  };
  const rule = (flags: string, kind: RuleWords['kind'], about: string) =>
    new Option(flags, about).argParser(begin(kind));
  program
    .command('proxy')
    .description('stand between two peers over UDP: show, record, drop, delay, reorder and change what passes')
    .argument('<listen>', 'where clients come to: HOST:PORT, or the port alone for all addresses')
    .argument('<target>', 'where their packets go on to: HOST:PORT')
    .addOption(rule('--drop <filter>', 'drop', 'lose the packets that this display filter passes; repeatable'))
    .addOption(rule('--duplicate <filter>', 'duplicate', 'send them twice; repeatable'))
    .addOption(rule('--reorder <filter>', 'reorder', 'let the next packet overtake them; repeatable'))
    .addOption(rule('--delay <filter>', 'delay', 'send them later, by 200 ms or what --by says; repeatable'))
    .addOption(
      rule('--set <field=value>', 'set', 'change a field, of all packets or of those --where says; repeatable'),
    )
    .addOption(
      new Option('--where <filter>', 'the packets of the rule before: only those').argParser((text) => {
        last().where = text;
        return text;
      }),
    )
    .addOption(
      new Option('--times <n>', 'the rule before is for so many packets').argParser((text) => {
        last().times = whole(1, MOST_TIMES)(text);
        return text;
      }),
    )
    .addOption(
      new Option('--skip <n>', 'the rule before lets so many packets go first').argParser((text) => {
        last().skip = whole(0, MOST_TIMES)(text);
        return text;
      }),
    )
    .addOption(
      new Option('--by <ms>', 'how long the rule before delays').argParser((text) => {
        last().by = milliseconds(text);
        return text;
      }),
    )
    .addOption(new Option('--loss <p>', 'lose this part of all packets: 0.05, or 5%').argParser(part).default(0))
    .addOption(new Option('--seed <n>', 'make the same losses again').argParser(whole(0, 0xffff_ffff)))
    .option('-Y, --filter <filter>', 'show only the packets that this display filter passes')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'json']))
    .option('-V, --tree', 'print the tree of each packet')
    .option('-x, --hex', 'print the bytes of each packet')
    .addOption(new Option('-t, --time <format>', 'how to show times').choices([...TIME_FORMATS]).default('r'))
    .option('-q, --quiet', 'show no packets')
    .addOption(new Option('--color <when>', 'colour the list').choices(['auto', 'always', 'never']).default('auto'))
    .option('-w, --write <file>', 'record the packets, and what was done to each; - for standard output')
    .option('--secrets <file>', 'judge cookies by these secrets; repeatable', collect, [])
    .addOption(new Option('--dialect <name>', 'take packets for this one').choices(DIALECTS.map(({ name }) => name)))
    .addOption(new Option('-c, --count <n>', 'end after so many packets').argParser(whole(1, MOST_TIMES)))
    .addHelpText('after', EXAMPLES)
    .action(async (listen: string, target: string, options: ProxyOptions) => {
      const { proxy } = await import('./run-proxy.js');
      await proxy(listen, target, options, rules.splice(0), io);
    });
}

const EXAMPLES = `
Filters and fields are those of "handshark decode"; docs/proxy.md tells of the rules.

Examples:
  handshark proxy 127.0.0.1:4242 192.0.2.1:4242                    look at what two peers say
  handshark proxy 4242 h:4242 --drop 'chan.msg.type == FINALIZE' --times 1
                                                                   lose the first proof
  handshark proxy 4242 h:4242 --delay 'chan.msg.type == DATA' --by 300 --skip 10 -w slow.pcapng
  handshark proxy 4242 h:4242 --set chan.msg.caps=0 --where 'chan.msg.type == FINALIZE'
                                                                   ask for another mode than the peer does`;
