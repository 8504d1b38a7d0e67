/** JSON that does not parse, in the words of Go's encoding/json. */
export class SyntaxFault extends Error {}

/** The names of fields that stand twice in one object, by their paths: `spec.containers[0].image`. */
export interface Scanned {
  readonly duplicates: readonly string[];
}

const printable: Readonly<Record<string, string>> = {
  "'": "'\\''",
  '"': `'"'`,
  '\n': "'\\n'",
  '\t': "'\\t'",
};

/** A byte as package scanner of encoding/json quotes it. */
const quoted = (byte: string): string => {
  const known = printable[byte];
  if (known !== undefined) return known;
  const code = byte.charCodeAt(0);
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, '0')}'`;
  return code >= 0x80 && code < 0xa1 ? `'\\u${code.toString(16).padStart(4, '0')}'` : `'${byte}'`;
};

/** Reads JSON byte by byte, to say what is wrong where Go's scanner says it. */
class Scanner {
  readonly #text: string;
  #at = 0;
  readonly duplicates: string[] = [];

  constructor(bytes: Buffer) {
    this.#text = bytes.toString('latin1');
  }

  #peek(): string {
    const byte = this.#text[this.#at];
    if (byte === undefined) throw new SyntaxFault('unexpected end of JSON input');
    return byte;
  }

  #take(allowed: RegExp, where: string): string {
    const byte = this.#peek();
    if (!allowed.test(byte)) throw new SyntaxFault(`invalid character ${quoted(byte)} ${where}`);
    this.#at += 1;
    return byte;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #digits(): void {
    while (/\d/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  whole(): void {
    this.#value('');
    this.#space();
    if (this.#at < this.#text.length) this.#take(/[^\s\S]/, 'after top-level value');
  }

  #value(path: string): void {
    this.#space();
    const first = this.#take(/["{[\d\-tfn]/, 'looking for beginning of value');
    if (first === '{') this.#object(path);
    else if (first === '[') this.#array(path);
    else if (first === '"') this.#string();
    else if (/[\d-]/.test(first)) this.#number(first);
    else this.#literal(first);
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#space();
    if (this.#peek() === '}') {
      this.#at += 1;
      return;
    }
    do {
      this.#space();
      this.#take(/"/, 'looking for beginning of object key string');
      const name = this.#string();
      const inner = path === '' ? name : `${path}.${name}`;
      if (seen.has(name)) this.duplicates.push(inner);
      seen.add(name);
      this.#space();
      this.#take(/:/, 'after object key');
      this.#value(inner);
      this.#space();
    } while (this.#take(/[,}]/, 'after object key:value pair') === ',');
  }

  #array(path: string): void {
    this.#space();
    if (this.#peek() === ']') {
      this.#at += 1;
      return;
    }
    let index = 0;
    do {
      this.#value(`${path}[${index}]`);
      index += 1;
      this.#space();
    } while (this.#take(/[,\]]/, 'after array element') === ',');
  }

  /** What stands between the quotes; the first was taken. */
  #string(): string {
    const from = this.#at;
    for (;;) {
      const byte = this.#take(/[ -\uffff]/, 'in string literal');
      if (byte === '"') return Buffer.from(this.#text.slice(from, this.#at - 1), 'latin1').toString();
      if (byte === '\\' && this.#take(/[bfnrt\\/"u]/, 'in string escape code') === 'u') {
        for (let digit = 0; digit < 4; digit += 1)
          this.#take(/[\da-fA-F]/, 'in \\u hexadecimal character escape');
      }
    }
  }

  #number(first: string): void {
    const digit = first === '-' ? this.#take(/\d/, 'in numeric literal') : first;
    if (digit !== '0') this.#digits();
    if (this.#text[this.#at] === '.') {
      this.#at += 1;
      this.#take(/\d/, 'after decimal point in numeric literal');
      this.#digits();
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at += 1;
      if (/[-+]/.test(this.#peek())) this.#at += 1;
      this.#take(/\d/, 'in exponent of numeric literal');
      this.#digits();
    }
  }

  #literal(first: string): void {
    const word = first === 't' ? 'true' : first === 'f' ? 'false' : 'null';
    for (const letter of word.slice(1))
      this.#take(new RegExp(letter), `in literal ${word} (expecting '${letter}')`);
  }
}

/**
 * Checks the syntax of JSON (Go's `encoding/json/scanner.go`).
 * @throws SyntaxFault where it is none
 */
export const scan = (bytes: Buffer): Scanned => {
  const scanner = new Scanner(bytes);
  scanner.whole();
  return scanner;
};
