import { UnreadableFile } from './row.ts';

/** Without its line ending; lines count from 1. */
export type FileLine = { line: number; text: string };

const LF = 0x0a;
const CR = 0x0d;
const MAX_LINE_BYTES = 1024 * 1024;
const REMEDY = 'Save the file as UTF-8 (in Excel: "CSV UTF-8"), or convert it, for example: iconv -f WINDOWS-1252 -t UTF-8';

/** The first bytes of other kinds of file. */
const KINDS: [Buffer, string][] = [
  [Buffer.from([0xff, 0xfe]), 'UTF-16 (little-endian)'],
  [Buffer.from([0xfe, 0xff]), 'UTF-16 (big-endian)'],
  [Buffer.from('PK\u0003\u0004'), 'a workbook or another zip file'],
];
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const REPLACEMENT = '\uFFFD';

/**
 * Streams the lines of a UTF-8 file that end with LF, CR or both, also mixed.
 *
 * @throws UnreadableFile at the first byte that is not UTF-8.
 */
export async function* fileLines(file: AsyncIterable<Buffer>): AsyncGenerator<FileLine> {
  let line = 0;
  for await (const bytes of byteLines(file)) {
    line += 1;
    const text = decode(line === 1 ? withoutMark(bytes) : bytes, line);
    yield { line, text };
  }
}

/** Reads the whole file before anything is imported. Throws UnreadableFile. */
export async function checkEncoding(file: AsyncIterable<Buffer>): Promise<void> {
  for await (const _line of fileLines(file));
}

async function* byteLines(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  let endedWithCr = false;
  let line = 1;
  for await (const chunk of file) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      const isSecondHalf = byte === LF && endedWithCr;
      endedWithCr = byte === CR;
      if (isSecondHalf) from = at + 1;
      if (isSecondHalf || (byte !== LF && byte !== CR)) continue;
      yield Buffer.concat([...parts, chunk.subarray(from, at)]);
      line += 1;
      parts = [];
      size = 0;
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MAX_LINE_BYTES) throw new UnreadableFile(`line ${line}: the line is longer than ${MAX_LINE_BYTES} bytes; check the file`);
  }
  if (size > 0) yield Buffer.concat(parts);
}

function withoutMark(bytes: Buffer): Buffer {
  const kind = KINDS.find(([mark]) => bytes.subarray(0, mark.length).equals(mark));
  if (kind) throw new UnreadableFile(`line 1: the file is ${kind[1]}, not UTF-8. ${REMEDY}`);
  return bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK) ? bytes.subarray(UTF8_MARK.length) : bytes;
}

function decode(bytes: Buffer, line: number): string {
  const text = bytes.toString('utf8');
  const bad = bytes.includes(0) ? bytes.indexOf(0) : badByte(bytes, text);
  if (bad === undefined) return text;
  const what = bytes[bad] === 0 ? 'a NUL, as in UTF-16' : `0x${bytes[bad]?.toString(16).padStart(2, '0')}, which is not UTF-8`;
  throw new UnreadableFile(`line ${line}, byte ${bad + 1}: the byte is ${what}; nothing after it was taken. ${REMEDY}`);
}

/** The offset of the first invalid byte: the first replacement character that is not in the file itself. */
function badByte(bytes: Buffer, text: string): number | undefined {
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    const length = Buffer.byteLength(REPLACEMENT);
    if (!bytes.subarray(offset, offset + length).equals(Buffer.from(REPLACEMENT))) return offset;
    offset += length;
    from = at + 1;
  }
  return undefined;
}
