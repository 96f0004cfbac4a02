/** What of WebAssembly this needs; the types of no platform are known here. */
interface Memory {
  readonly buffer: ArrayBuffer;
}
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: { readonly initial: number }) => Memory;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>,
  ) => { readonly exports: Readonly<Record<string, WasmCall>> };
}

/** A function over the bytes of a memory, of as many integers as it has parameters. */
export type WasmCall = (...given: readonly number[]) => number;

/** Bytes of a WebAssembly page. */
const PAGE = 65_536;

/**
 * A memory of at least `size` bytes, and the functions of a module that imports it as `host.memory`. Undefined where there is no WebAssembly, where the processor
 * lacks vectors, or where there is no room: the address space for memories is bounded.
 */
export function wasmMemory(
  size: number,
  code: Uint8Array,
): { readonly buffer: ArrayBuffer; readonly calls: Readonly<Record<string, WasmCall>> } | undefined {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: Wasm };
  if (!WebAssembly) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
    const module = new WebAssembly.Module(code);
    const { exports } = new WebAssembly.Instance(module, { host: { memory } });
    return { buffer: memory.buffer, calls: exports };
  } catch {
    return undefined;
  }
}
