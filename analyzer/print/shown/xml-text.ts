/** What stands for characters that mean something in XML, as tshark writes them. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};

/** Text for XML: characters that XML has no place for, and those that could steer a terminal, as `\x1b`. */
export const xmlText = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(
      /[\p{C}\p{Zl}\p{Zp}]/gu,
      (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
    );
