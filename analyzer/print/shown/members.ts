import { jsonText } from '../json-text.js';

/** A JSON value that is written already. */
export type Json = string;

/** The members of a JSON object in their order; what has one name is put together as a list where the first stands. */
export class Members {
  readonly #members = new Map<string, Json[]>();

  add(name: string, value: Json): void {
    const there = this.#members.get(name);
    if (there) there.push(value);
    else this.#members.set(name, [value]);
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** @param indent what each line begins with; all stands in one line if left out */
  json(indent?: string): Json {
    const members = [...this.#members].map(([name, values]) => {
      const [first = '""'] = values;
      const value = values.length === 1 ? first : `[${values.join(indent === undefined ? ',' : ', ')}]`;
      return `${jsonText(name)}:${indent === undefined ? '' : ' '}${value}`;
    });
    if (indent === undefined) return `{${members.join(',')}}`;
    return `{\n${members.map((member) => `${indent}  ${member}`).join(',\n')}\n${indent}}`;
  }
}
