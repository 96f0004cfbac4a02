import type { DialectName } from '../../dissectors/channel/dialects.js';
import { check } from '../script/check.js';
import type { Overrides } from '../script/check-settings.js';
import { parse } from '../script/parser.js';
import type { Script } from '../script/script.js';
import { channelDelivery } from './channel-delivery.js';
import { channelGaps } from './channel-gaps.js';
import { channelReports } from './channel-reports.js';
import { channelSending } from './channel-sending.js';
import { formsOf, type Pace } from './forms.js';
import { initiatorTests } from './initiator.js';
import { initiatorCookies } from './initiator-cookies.js';
import { responderChannel } from './responder-channel.js';
import { responderClosing } from './responder-closing.js';
import { responderCookies } from './responder-cookies.js';
import { responderDrops } from './responder-drops.js';
import { responderEarly } from './responder-early.js';
import { responderNews } from './responder-news.js';
import { responderProof } from './responder-proof.js';
import type { ConformanceTest } from './test.js';

/** Every test, those of the handshake first. */
export const SUITE: readonly ConformanceTest[] = [
  ...responderNews,
  ...responderProof,
  ...responderCookies,
  ...responderEarly,
  ...responderChannel,
  ...responderClosing,
  ...responderDrops,
  ...initiatorTests,
  ...initiatorCookies,
  ...channelReports,
  ...channelGaps,
  ...channelSending,
  ...channelDelivery,
];

/** The tests of one role in one dialect. */
export const testsOf = (of: ConformanceTest['of'], dialect: DialectName): readonly ConformanceTest[] =>
  SUITE.filter((test) => test.of === of && test.dialects.includes(dialect));

/** As fast as a network and a busy machine allow, with the period of secrets that the protocol page gives. */
export const PACE: Pace = { quiet: 0.3, secretPeriod: 120 };

/** How a suite is played. */
export interface Playing {
  readonly pace: Pace;
  /** Whether the tested peer sends back what it receives: where that is not what a test asks for, it is passed over. */
  readonly echoes: boolean;
}

const PLAIN: Playing = { pace: PACE, echoes: false };

/** The text of a test's script, as it is played and as a report shows it. */
export function scriptText(test: ConformanceTest, dialect: DialectName, { pace, echoes }: Playing = PLAIN): string {
  const forms = formsOf(dialect, pace);
  const head = [
    `# ${test.name}: the ${test.of} ${test.asks}.`,
    `# Protocol page, section ${test.section}.`,
    `dialect ${dialect}`,
    `role ${test.of === 'responder' ? 'initiator' : 'responder'}`,
  ];
  if (echoes && !test.needs?.includes('echo')) head.push('ignore chan(id=*) ... data() ...');
  const body = test.script(forms).trim();
  return `${head.join('\n')}\n\n${body}\n`;
}

/** The script of a test, ready to be played. */
export function scriptOf(
  test: ConformanceTest,
  dialect: DialectName,
  overrides: Overrides,
  playing: Playing = PLAIN,
): Script {
  return check(parse(test.name, scriptText(test, dialect, playing)), overrides);
}
