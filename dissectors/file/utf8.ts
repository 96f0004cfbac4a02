/** The two classes of the Encoding Standard, which browsers and Node provide, as far as they are used here. */
declare const TextDecoder: new (
  encoding: string,
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** The text that bytes are in UTF-8. Total: what is no UTF-8 reads as U+FFFD, as in every browser. */
export const textOfUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** The bytes of a text in UTF-8; half a surrogate pair becomes U+FFFD. */
export const utf8Of = (text: string): Uint8Array => new TextEncoder().encode(text);
