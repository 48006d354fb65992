/** Parses `Aurora <care@aurora.example>`, or an address alone. A comma or semicolon in the name separates nothing. */
export function parseMailbox(from: string): { name: string; address: string } {
  const text = from.trim();
  const start = text.lastIndexOf('<');
  const address = text.slice(start + 1, -1);
  if (start === -1 || !text.endsWith('>') || address.includes('>')) return { name: '', address: text };
  return {
    name: text
      .slice(0, start)
      .trim()
      .replace(/^"(.*)"$/s, '$1'),
    address,
  };
}
