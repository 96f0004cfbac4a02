import { isNewVersion } from '../../../dissectors/tls/version.js';
import { type Handshake, isPending } from '../handshake.js';
import { memoryOf, type TlsMemory } from './memory.js';
import type { Place } from './session.js';
import { afterRetry, alertName } from './words.js';

const FATAL = 2;
const CLOSE_NOTIFY = 0;
/** The bytes of an alert as TLS 1.3 encrypts it: 2, the type, and a tag of 16. No other message is as short. */
const ENCRYPTED_ALERT = 19;

const sideText = (fromClient: boolean): string => (fromClient ? 'client' : 'server');

/** Whether a handshake is not over yet. */
const isOpen = (row: Handshake): boolean => isPending(row) || row.state === 'answered';

/** Takes an alert in the clear. */
export function takeAlert(
  { step }: Place,
  row: Handshake,
  level: number,
  description: number,
  fromClient: boolean,
): void {
  const { table } = step;
  const name = alertName(description);
  table.message(step, row, 'Alert', fromClient, { note: name });
  // What ended it before is the reason, not what the other side says of that.
  if (!isOpen(row)) return;
  if (level !== FATAL && description !== CLOSE_NOTIFY) return;
  table.detail(row, 'alert', name);
  table.setState(
    step,
    row,
    'refused',
    `the ${sideText(fromClient)} ended it with the alert ${name}${afterRetry(memoryOf(row))}`,
  );
}

/** Takes an alert of which only the length can be told. */
export function takeEncryptedAlert({ step }: Place, row: Handshake, fromClient: boolean): void {
  if (row.state === 'established' && row.memory === undefined) return;
  step.table.message(step, row, 'Alert', fromClient, { note: 'encrypted' });
  // Where the capture did not keep all, more has come before it than is seen.
  if (!isOpen(row) || memoryOf(row).hasData || memoryOf(row).isCut) return;
  const why = `the ${sideText(fromClient)} sent an encrypted alert before any application data`;
  step.table.setState(step, row, 'refused', why);
}

/** Takes a ChangeCipherSpec, which means something up to TLS 1.2 only. */
export function takeChange({ step }: Place, row: Handshake, fromClient: boolean): void {
  if (row.memory === undefined || isNewVersion(memoryOf(row).version) || memoryOf(row).retries > 0) return;
  step.table.message(step, row, 'ChangeCipherSpec', fromClient);
}

/** Takes an encrypted handshake message: up to TLS 1.2 the first of a side is its Finished. */
export function takeEncrypted({ step }: Place, row: Handshake, fromClient: boolean): void {
  if (row.memory === undefined) return;
  const memory = memoryOf(row);
  const isFinished = !(fromClient ? memory.clientIsEncrypted : memory.serverIsEncrypted);
  noteEncrypted(memory, fromClient);
  step.table.message(step, row, isFinished ? 'Finished' : 'Encrypted handshake message', fromClient);
  if (row.state === 'answered' && memory.clientIsEncrypted && memory.serverIsEncrypted) {
    step.table.setState(step, row, 'established', 'both sides have finished the handshake; no application data so far');
  }
}

/** Takes a record of application data, which is counted. */
export function takeData({ step }: Place, row: Handshake, size: number, fromClient: boolean): void {
  const { table } = step;
  if (row.memory === undefined) return count(step, row, size, fromClient);
  const memory = memoryOf(row);
  const isNew = isNewVersion(memory.version);
  if (row.state === 'established') {
    if (!memory.hasData && !isNew) {
      table.message(step, row, 'ApplicationData', fromClient);
      table.setState(step, row, 'established', 'application data came after both had finished');
    }
    memory.hasData = true;
    return count(step, row, size, fromClient);
  }
  if (row.state !== 'answered') return;
  if (isNew && size === ENCRYPTED_ALERT && fromClient && !memory.clientIsEncrypted) {
    table.message(step, row, 'Alert', true, { note: 'by its length' });
    const why = 'the client answered the ServerHello with a record as long as an alert';
    table.setState(step, row, 'refused', `${why}${afterRetry(memory)}`);
    return;
  }
  const isFirst = !(fromClient ? memory.clientIsEncrypted : memory.serverIsEncrypted);
  noteEncrypted(memory, fromClient);
  memory.hasData ||= !isNew;
  if (isFirst) table.message(step, row, isNew ? 'Encrypted' : 'ApplicationData', fromClient);
  count(step, row, size, fromClient);
  if (!memory.clientIsEncrypted || !memory.serverIsEncrypted) return;
  memory.hasData = true;
  table.setState(step, row, 'established', `encrypted records came from both sides${afterRetry(memory)}`);
}

function noteEncrypted(memory: TlsMemory, fromClient: boolean): void {
  if (fromClient) memory.clientIsEncrypted = true;
  else memory.serverIsEncrypted = true;
}

/** Counts bytes of records, as they are encrypted. */
export function count({ table }: Place['step'], row: Handshake, size: number, fromClient: boolean): void {
  const name = fromClient ? 'client_bytes' : 'server_bytes';
  const known = row.details?.[name];
  table.detail(row, name, (typeof known === 'number' ? known : 0) + size);
}
