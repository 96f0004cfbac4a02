import { headingStrip } from '../heading.js';
import { Region } from '../Region.js';
import type { ScreenProps } from './screen-props.js';

export function DifferenceScreen({ width, height, theme }: ScreenProps) {
  const strips = [headingStrip([{ name: 'Difference', current: true }], true, width, theme)];
  return <Region strips={strips} width={width} height={height} theme={theme} />;
}
