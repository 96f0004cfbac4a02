import { LUA_SCRIPT } from './lua-script.js';
import { dialectTables, fieldTables, findingTables, sharedTables } from './lua-tables.js';
import { luaText } from './lua-text.js';

const HEAD = `-- A Wireshark dissector for the channel protocol in all its dialects, printed by "handshark export lua".
-- Put it into Wireshark's folder of personal Lua plugins (Help > About > Folders), or name it: wireshark -X lua_script:FILE
-- Fields have the names that Handshark gives them. What only secrets or earlier packets tell is not in them.
`;

/** A Wireshark dissector in Lua, whose tables come from the layouts that our own dissectors read. */
export function luaDissector(): string {
  const tables = [
    `local DIALECTS = ${luaText(dialectTables())}`,
    `local SHARED = ${luaText(sharedTables())}`,
    `local FIELDS = ${luaText(fieldTables())}`,
    `local FINDINGS = ${luaText(findingTables())}`,
  ];
  return `${HEAD}\n${tables.join('\n\n')}\n${LUA_SCRIPT}`;
}
