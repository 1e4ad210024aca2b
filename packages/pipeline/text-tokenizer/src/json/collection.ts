/** Members of a list, an object, or an object that is kept as a Map, added one by one or a parsed piece at a time. */
export class Collection {
  readonly value: unknown[] | Record<string, unknown> | Map<string, unknown>;
  /** What makes JSON of a piece of its text. */
  readonly brackets: readonly [open: string, close: string];

  constructor(kind: 'list' | 'object' | 'map') {
    this.value = kind === 'list' ? [] : kind === 'map' ? new Map() : {};
    this.brackets = kind === 'list' ? ['[', ']'] : ['{', '}'];
  }

  /** Adds a member; a list has no use for the key. */
  add(key: string, member: unknown): void {
    const { value } = this;
    if (Array.isArray(value)) value.push(member);
    else if (value instanceof Map) value.set(key, member);
    else if (key === '__proto__') {
      // By assignment it would become the object's prototype; `JSON.parse` makes it a member.
      Object.defineProperty(value, key, { value: member, configurable: true, enumerable: true, writable: true });
    } else value[key] = member;
  }

  /** Adds the members of a parsed piece. */
  addPiece(piece: unknown): void {
    if (Array.isArray(piece)) for (const member of piece as readonly unknown[]) this.add('', member);
    else for (const [key, member] of Object.entries(piece as Record<string, unknown>)) this.add(key, member);
  }
}
