/**
 * North American area codes. The numbers 555-0100 to 555-0199 of each are reserved for fiction
 * (https://nationalnanpa.com/number_resource_info/555_numbers.html), so that no text can ever reach a person.
 */
const areaCodes = `201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254
  256 260 262 267 269 270 272 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 331 334 336
  337 339 346 347 351 352 360 361 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 443`.split(
  /\s+/,
);
const numbersPerArea = 100;

/** Digits as in Totogi's device IDs; they repeat after some 9,000 devices. */
export function fictionalNumber(device: number): string {
  const areaCode = areaCodes[Math.floor(device / numbersPerArea) % areaCodes.length];
  return `1${areaCode}55501${String(device % numbersPerArea).padStart(2, '0')}`;
}
