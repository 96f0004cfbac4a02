import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file that is written, and that has its name only once it is complete. */
export interface FileBeside {
  readonly fd: number;
  /** Gives it its name, in place of what had it. @throws what the system says if that cannot be */
  complete(): void;
  /** Takes it away: what had its name stays as it was. */
  abandon(): void;
}

/** A file that is written, and that gets a name only once it is complete: what that is need not be known before. */
export interface UnnamedFile extends Omit<FileBeside, 'complete'> {
  /** Gives it a name in the same file system, in place of what had it. @throws what the system says if that cannot be */
  completeAs(path: string): void;
}

/** The rights of new files, less what the user withholds. */
const MODE = 0o666;
/** Characters of a file's name that the one beside it has too: its name must not become too long, however they are encoded. */
const NAME_KEPT = 40;

/**
 * Creates a file beside another, to take its place once it is complete: who reads by its name finds the old one or the new
 * one, and a program that is killed leaves the old one. The new one has the rights of the old, and its owner where the
 * system lets it. What is no file, such as a pipe or a device, is written to where it is; so is a file in a folder that
 * takes no other.
 * @param mode its rights, where there is no old one
 * @throws what the system says if the file may not be written
 */
export function openBeside(path: string, mode = MODE): FileBeside {
  const there = statSync(path, { throwIfNoEntry: false });
  const place = placeOf(path, there);
  if (place === undefined) return inPlace(path);
  // To replace a file needs no right to it, only to its folder; who protects it from being written means that as well.
  if (there) accessSync(place, constants.W_OK);
  let temporary: Temporary;
  try {
    temporary = openTemporary(place, mode);
  } catch {
    // If the place itself is what is wrong, that is told in its own name.
    return inPlace(path);
  }
  if (there) likeIt(temporary.fd, there);
  return finishing(temporary, () => renameSync(temporary.path, place));
}

/**
 * Creates a file beside a name that is free, to have it once it is complete.
 * @throws what the system says if it cannot be made: EEXIST if there is such a file; `complete` throws that as well
 */
export function openNew(path: string): FileBeside {
  // Whatever has the name, or cannot have it, is told of by the system.
  if (path.endsWith('/') || lstatSync(path, { throwIfNoEntry: false })) return inPlace(path, 'wx');
  const temporary = openTemporary(path, MODE);
  return finishing(temporary, () => {
    linkAs(temporary.path, path);
    rmSync(temporary.path, { force: true });
  });
}

/**
 * Creates a file in the folder of another, for a name to be given later. There is no way to write it in place: whatever
 * happens, nobody finds half of it under that name.
 * @throws what the system says if it cannot be made
 */
export function openUnnamed(near: string): UnnamedFile {
  const temporary = openTemporary(near, MODE);
  let name = near;
  const { fd, complete, abandon } = finishing(temporary, () => renameSync(temporary.path, name));
  const completeAs = (path: string): void => {
    name = path;
    complete();
  };
  return { fd, completeAs, abandon };
}

/**
 * Writes a file as a whole, in place of the one that is there.
 * @param mode its rights, where there is no old one
 * @throws what the system says if that cannot be
 */
export const saveWhole = (path: string, bytes: Uint8Array, mode = MODE): void => fill(openBeside(path, mode), bytes);

/** Writes a new file as a whole. @throws what the system says if that cannot be: EEXIST if there is such a file */
export const saveNew = (path: string, bytes: Uint8Array): void => fill(openNew(path), bytes);

function fill(file: FileBeside, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file.fd, bytes, at);
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.complete();
}

interface Temporary {
  readonly fd: number;
  readonly path: string;
}

/** A new file that nobody else knows, in the folder of the place that it is to take. */
function openTemporary(place: string, mode: number): Temporary {
  const kept = [...basename(place)].slice(0, NAME_KEPT).join('');
  const path = join(dirname(place), `.${kept}.${randomBytes(6).toString('hex')}.partial`);
  return { fd: openSync(path, 'wx', mode), path };
}

/** Where a file that replaces another must go: past symbolic links; undefined where nothing can be replaced. */
function placeOf(path: string, there: Stats | undefined): string | undefined {
  if (path.endsWith('/') || SYSTEM.test(path)) return undefined;
  // A symbolic link that leads nowhere is followed by the system when it makes the file.
  if (!there) return lstatSync(path, { throwIfNoEntry: false }) ? undefined : path;
  return there.isFile() ? realpathSync(path) : undefined;
}

/** Names of what is open already, such as /dev/stdout: it is written to, wherever it lies. */
const SYSTEM = /^\/(proc\/|dev\/(fd\/|std(in|out|err)$))/;

/** Gives a new file the rights and the owner of another, as far as the system lets it. */
function likeIt(fd: number, { mode, uid, gid }: Stats): void {
  for (const take of [() => fchownSync(fd, uid, gid), () => fchmodSync(fd, mode & 0o777)]) {
    try {
      take();
    } catch {
      // Only its owner, or root, may do that.
    }
  }
}

/** A second name, which must be free, for a file. */
function linkAs(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    // Some file systems know no second names: an empty file holds the place.
    closeSync(openSync(name, 'wx', MODE));
    renameSync(path, name);
  }
}

function finishing({ fd, path }: Temporary, place: () => void): FileBeside {
  const abandon = (): void => {
    process.off('exit', abandon);
    try {
      closeSync(fd);
    } catch {
      // It was closed before, or its bytes are lost, as they are to be.
    }
    rmSync(path, { force: true });
  };
  // A program that ends before it is complete leaves nothing lying about.
  process.once('exit', abandon);
  return {
    fd,
    complete: () => {
      process.off('exit', abandon);
      try {
        closeSync(fd);
        place();
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      }
    },
    abandon,
  };
}

function inPlace(path: string, flags: 'w' | 'wx' = 'w'): FileBeside {
  const fd = openSync(path, flags, MODE);
  return { fd, complete: () => closeSync(fd), abandon: () => closeSync(fd) };
}
