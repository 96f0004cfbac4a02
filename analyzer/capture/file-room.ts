import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';

/** Room is given back in pieces of at least so many bytes. */
const LEAST = 4 * 1024 * 1024;

/**
 * Gives the room of bytes that are wanted no more, at the start of a file, back to the disk: they read as zeros then, and
 * the others stay where they are. Only for a file that has no name any more, so that nobody can miss them. This needs the
 * program `fallocate` of Linux; where it is missing, or the file system cannot do it, the file keeps its room.
 */
export class FileRoom {
  private readonly fd: number;
  private freed = 0;
  private isBusy = false;
  private isUnable = false;

  /** @param fd stays open as long as this is used */
  constructor(fd: number) {
    this.fd = fd;
    const file = fstatSync(fd);
    this.isUnable = process.platform !== 'linux' || !file.isFile() || file.nlink > 0;
  }

  /** @param offset in bytes: all before it may go */
  freeBefore(offset: number): void {
    const length = offset - this.freed;
    if (this.isUnable || this.isBusy || length < LEAST) return;
    this.isBusy = true;
    const words = ['--punch-hole', '--offset', `${this.freed}`, '--length', `${length}`, '/dev/fd/3'];
    const child = spawn('fallocate', words, { stdio: ['ignore', 'ignore', 'ignore', this.fd] });
    child.on('error', () => {
      this.isUnable = true;
    });
    child.on('exit', (code) => {
      this.isBusy = false;
      if (code === 0) this.freed = offset;
      else this.isUnable = true;
    });
    child.unref();
  }
}
