/** Every text of at most so many of these characters. */
export function* shortTexts(characters: string, most: number): Generator<string> {
  yield '';
  if (most === 0) return;
  for (const text of shortTexts(characters, most - 1)) for (const character of characters) yield `${text}${character}`;
}
