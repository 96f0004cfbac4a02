import { bind, type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['craft'];

export const CRAFT_KEYS = [
  ...moving(HERE, 'line'),
  bind(HERE, 'set-value', ['enter'], 'type another value for the field, or other bytes from here on', 'VALUE'),
  bind(HERE, 'next-part', ['}', ']'], 'next layer or message'),
  bind(HERE, 'previous-part', ['{', '['], 'layer or message before'),
  bind(HERE, 'restore', ['u'], 'take back what was typed for the field'),
  bind(HERE, 'derive', ['='], 'let the field follow from the others'),
  bind(HERE, 'undo', ['U'], 'undo the last change'),
  bind(HERE, 'add-message', ['a'], 'add a message after this one', 'MESSAGE'),
  bind(HERE, 'add-layer', ['L'], 'put a layer around the packet', 'LAYER'),
  bind(HERE, 'add-fault', ['f'], 'damage the packet; after "frame", the whole frame', 'FAULT'),
  bind(HERE, 'delete', ['d', 'delete'], 'remove the message, layer, fault or byte'),
  bind(HERE, 'double', ['D'], 'put the message or layer in once more'),
  bind(HERE, 'move-up', ['K', 'ctrl-up'], 'move the message, layer or fault up'),
  bind(HERE, 'move-down', ['J', 'ctrl-down'], 'move the message, layer or fault down'),
  bind(HERE, 'dialect', ['c'], 'change the dialect', 'DIALECT'),
  bind(HERE, 'edit-bytes', ['b'], 'edit the bytes, or the fields again'),
  bind(HERE, 'insert-bytes', ['i'], 'put bytes before the one under the cursor, where bytes are edited', 'BYTES'),
  bind(HERE, 'send', ['s'], 'send the packet: HOST:PORT for UDP, or an interface; then how often', 'TARGET'),
  bind(HERE, 'send-again', ['S'], 'send it there again'),
  bind(HERE, 'save', ['w', 'f2'], 'save it: .pcap, .pcapng, .hex or .bin; the recording, of a script', 'FILE'),
  bind(HERE, 'copy', ['y'], 'copy the bytes in hex'),
  bind(HERE, 'run', ['r'], 'play a script', 'FILE'),
  bind(HERE, 'edit', ['e'], 'edit the packet under the cursor, of a script'),
  bind(HERE, 'next-view', ['tab'], 'the packet, or the script that was played'),
  bind(HERE, 'open-recording', ['o'], 'open what the script sent and received, over this capture'),
] as const;
