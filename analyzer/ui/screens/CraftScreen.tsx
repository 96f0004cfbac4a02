import { craftAreas } from '../../store/screens/craft-areas.js';
import { craftBytes } from '../../store/screens/craft-bytes.js';
import type { AppState } from '../../store/state.js';
import { grouped } from '../../text/numbers.js';
import { fieldStrip } from '../craft-fields.js';
import { runStrips } from '../craft-run.js';
import { verdictStrips } from '../craft-verdict.js';
import { hexStrip } from '../HexPane.js';
import { headingStrip, type Tab } from '../heading.js';
import { Box } from '../ink.js';
import { Region, type Strip, strip } from '../Region.js';
import { LOOKS } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** The editor of a packet, with the bytes it comes to; or the ladder of a script. */
export function CraftScreen(props: ScreenProps) {
  const { state, width, height, theme } = props;
  const { craft } = state;
  const heading = headingStrip(tabsOf(state), true, width, theme);
  if (craft.view === 'run' && craft.run !== undefined) {
    const strips = [heading, ...runStrips(craft.run, width, height - 1, theme)];
    return <Region strips={strips} width={width} height={height} theme={theme} />;
  }
  if (craft.draft === undefined) {
    const strips = [heading, ...NOTHING.map((text) => strip(`  ${text}`, LOOKS.quiet))];
    return <Region strips={strips} width={width} height={height} theme={theme} />;
  }
  return <Editor {...props} />;
}

const NOTHING = [
  'Press e on a packet, in the list or in a ladder, to edit it here,',
  'and to send or save a variation of it.',
  ':craft new starts from nothing but a message; r plays a script.',
];

function tabsOf({ craft }: AppState): readonly Tab[] {
  const { draft, run, view } = craft;
  const packet = {
    name: draft === undefined ? 'Packet editor' : `Edit ${draft.origin.title}`,
    current: view === 'packet',
  };
  return run === undefined ? [packet] : [packet, { name: `Script ${run.path}`, current: view === 'run' }];
}

function Editor({ state, width, height, theme }: ScreenProps) {
  const areas = craftAreas(state);
  const { lines, cursor } = state.craft;
  const shown = lines.slice(cursor.top, cursor.top + areas.fields.height);
  const fields = shown.map((line, row) =>
    fieldStrip(line, cursor.top + row === cursor.at, cursor.shift, areas.fields.width, theme),
  );
  const bytes = craftBytes(state);
  const hex = bytes.rows.map((row) => hexStrip(row, bytes.grid, theme));
  const verdict = verdictStrips(state, areas.verdict.width, areas.verdict.height, theme);
  const changed = bytes.changed === 0 ? '' : `, ${grouped(bytes.changed)} changed`;
  const about = `${grouped(bytes.total)} bytes${changed}`;
  const isBytes = state.craft.draft?.form === 'bytes';
  const headed = (tabs: readonly Tab[], focused: boolean, cells: number): readonly Strip[] =>
    areas.headings === 0 ? [] : [headingStrip(tabs, focused, cells, theme)];
  const tabs = tabsOf(state);
  if (areas.isWide) {
    const left = [...headed(tabs, true, areas.fields.width), ...fields];
    const right = [
      ...headed([{ name: about, current: true }], false, areas.bytes.width),
      ...filled(hex, areas.bytes.height),
      ...verdict,
    ];
    return (
      <Box>
        <Region strips={left} width={areas.fields.width + 1} height={height} theme={theme} />
        <Region strips={right} width={areas.bytes.width} height={height} theme={theme} />
      </Box>
    );
  }
  const named = isBytes ? tabs.map((tab) => (tab.current ? { ...tab, name: `${tab.name}: ${about}` } : tab)) : tabs;
  const parts = isBytes
    ? filled(hex, areas.bytes.height)
    : [
        ...filled(fields, areas.fields.height),
        ...(areas.bytes.height === 0
          ? []
          : [...headed([{ name: about, current: true }], false, width), ...filled(hex, areas.bytes.height)]),
      ];
  const strips = [...headed(named, true, width), ...parts, ...verdict];
  return <Region strips={strips} width={width} height={height} theme={theme} />;
}

/** So many rows, the last of them empty. */
const filled = (strips: readonly Strip[], height: number): readonly Strip[] => [
  ...strips.slice(0, height),
  ...Array<Strip>(Math.max(0, height - strips.length)).fill(strip('')),
];
