import type { ThemeName } from '../store/settings.js';

/** The colours that looks are made of, by name: what each is on a terminal is the theme's affair. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'grey';

/** Grounds other than the terminal's own. */
export type Background = 'raised';

/** How many colours a terminal has; 24 stands for all that 24 bits can name. */
export type Depth = 16 | 256 | 24;

/** The codes of colours, without `ESC [` and `m`. */
export interface Palette {
  readonly foreground: Readonly<Record<Colour, string>>;
  readonly background: Readonly<Record<Background, string>>;
}

/** The colours that every terminal has, in the shades the user has given them. */
const TERMINAL: Palette = {
  foreground: { red: '31', green: '32', yellow: '33', blue: '34', magenta: '35', cyan: '36', grey: '90' },
  background: { raised: '' },
};

type Shades = Readonly<Record<Colour | Background, readonly [index: number, rgb: string]>>;

/** Light colours for dark ground: the place among 256 colours, and red, green and blue. */
const DARK: Shades = {
  red: [203, '255;107;107'],
  green: [114, '126;211;134'],
  yellow: [221, '245;211;94'],
  blue: [75, '97;175;239'],
  magenta: [176, '212;140;224'],
  cyan: [80, '86;200;216'],
  grey: [245, '138;143;152'],
  raised: [236, '46;50;58'],
};

/** Dark colours for light ground. */
const LIGHT: Shades = {
  red: [124, '176;24;24'],
  green: [28, '20;110;40'],
  yellow: [94, '140;90;0'],
  blue: [25, '16;78;170'],
  magenta: [90, '120;30;140'],
  cyan: [30, '0;110;125'],
  grey: [240, '95;98;105'],
  raised: [254, '228;230;234'],
};

/** Few colours, all strong, for poor eyes and poor screens. */
const CONTRAST: Shades = {
  red: [196, '255;0;0'],
  green: [46, '0;255;0'],
  yellow: [226, '255;255;0'],
  blue: [51, '0;255;255'],
  magenta: [201, '255;0;255'],
  cyan: [51, '0;255;255'],
  grey: [255, '255;255;255'],
  raised: [18, '0;0;128'],
};

const SHADES: Readonly<Partial<Record<ThemeName, Shades>>> = { dark: DARK, light: LIGHT, contrast: CONTRAST };

/** The codes of a theme on a terminal of so many colours. */
export function paletteOf(name: ThemeName, depth: Depth): Palette {
  const shades = SHADES[name];
  if (shades === undefined || depth === 16) return TERMINAL;
  const code = (of: Colour | Background, ground: 38 | 48): string => {
    const [index, rgb] = shades[of];
    return depth === 256 ? `${ground};5;${index}` : `${ground};2;${rgb}`;
  };
  return {
    foreground: {
      red: code('red', 38),
      green: code('green', 38),
      yellow: code('yellow', 38),
      blue: code('blue', 38),
      magenta: code('magenta', 38),
      cyan: code('cyan', 38),
      grey: code('grey', 38),
    },
    background: { raised: code('raised', 48) },
  };
}

/** How many colours the terminal of an environment has. */
export function depthOf({ COLORTERM, TERM }: Readonly<Record<string, string | undefined>>): Depth {
  if (/truecolor|24bit/i.test(COLORTERM ?? '')) return 24;
  return /256color|kitty|alacritty|ghostty/.test(TERM ?? '') ? 256 : 16;
}
