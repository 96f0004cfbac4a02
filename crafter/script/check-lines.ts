import type { Step } from './script.js';
import type { BlockTree, Position } from './tree.js';

/** What it takes to understand lines. */
export interface LineChecker {
  /** The steps of a line: one for each time that it may happen. */
  readonly step: (line: Extract<BlockTree, { isBlock: false }>) => readonly Step[];
  readonly condition: (branch: Extract<BlockTree, { isBlock: true }>) => void;
  /** Makes the error at a place. */
  readonly refuse: (at: Position, problem: string) => Error;
}

/** The steps of lines, one after the other: conditions become jumps. */
export function stepsOf(lines: readonly BlockTree[], checker: LineChecker): readonly Step[] {
  const steps: Step[] = [];
  addLines(lines, checker, steps);
  return steps;
}

function addLines(lines: readonly BlockTree[], checker: LineChecker, steps: Step[]): void {
  const begin = steps.length;
  for (const line of lines) {
    if (line.isBlock) {
      addBranch(line, checker, steps);
      continue;
    }
    const own = checker.step(line);
    if (line.time.kind === 'also') join(line, own, steps, begin, checker);
    steps.push(...own);
  }
}

function addBranch(branch: Extract<BlockTree, { isBlock: true }>, checker: LineChecker, steps: Step[]): void {
  const { line, column, condition, then, otherwise } = branch;
  const place = { line, column, time: { line, column, kind: 'any' } } as const;
  checker.condition(branch);
  const unless = steps.length;
  steps.push({ ...place, kind: 'unless', condition, to: 0 });
  addLines(then, checker, steps);
  const jump = steps.length;
  if (otherwise.length > 0) steps.push({ ...place, kind: 'jump', to: 0 });
  steps[unless] = { ...place, kind: 'unless', condition, to: steps.length };
  if (otherwise.length === 0) return;
  addLines(otherwise, checker, steps);
  steps[jump] = { ...place, kind: 'jump', to: steps.length };
}

/** Lets lines come in whatever order: all copies of the expected line before belong to them. */
function join(
  line: Extract<BlockTree, { isBlock: false }>,
  own: readonly Step[],
  steps: Step[],
  begin: number,
  checker: LineChecker,
): void {
  const isRequired = (step: Step | undefined): boolean => step?.kind === 'expect' && !step.isOptional;
  const last = steps.length - 1;
  if (last < begin || !isRequired(steps[last])) {
    throw checker.refuse(line.time, '"&" needs a line before that expects a packet: the two then come in either order');
  }
  if (!own.every(isRequired)) throw checker.refuse(line.time, '"&" is for packets that must come');
  for (let place = last; place > begin && steps[place]?.line === steps[place - 1]?.line; place--) {
    const step = steps[place];
    if (step) steps[place] = { ...step, time: { ...line.time } };
  }
}
