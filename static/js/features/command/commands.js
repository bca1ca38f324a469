/**
 * The commands of the command line, in one table: parsing, completing, explaining and `help` read it.
 *
 * A command is written number first (`117 n text`) with its letter or one of its words, or with a word first
 * (`note 117 text`). The letters are those of the incident's pane. `takes` says what follows the number:
 *   text: words; unit: callsigns; agency, incident, ending: one of these; nothing.
 * Statuses (`DMK1 4`), sending by sign (`DMK1 > 117`) and questions (`? DMK1`) have a form of their own.
 *
 * @typedef {"text" | "units" | "agency" | "incident" | "ending" | "nothing"} Takes
 * @typedef {{kind: string, example: string, letter: string, words: string[], takes: Takes, twice: boolean}} Row
 *   twice: Enter shows what it would do, Enter again does it
 */

/** @type {Row[]} */
export const COMMANDS = [
  { kind: "status", example: "DMK1 4 @14:05", letter: "", words: [], takes: "nothing", twice: false },
  { kind: "assign", example: "117 > DMK1, DMK2", letter: "", words: ["send", "kirim"], takes: "units", twice: true },
  {
    kind: "divert",
    example: "117 d DMK7",
    letter: "D",
    words: ["divert", "alih", "alihkan"],
    takes: "units",
    twice: true,
  },
  {
    kind: "note",
    example: "117 n hidran kering",
    letter: "N",
    words: ["note", "catat", "catatan"],
    takes: "text",
    twice: false,
  },
  { kind: "task", example: "117 t PLN", letter: "T", words: ["task", "tugas"], takes: "agency", twice: false },
  { kind: "own", example: "117 o", letter: "O", words: ["own", "mine", "ambil"], takes: "nothing", twice: false },
  {
    kind: "merge",
    example: "117 m 116",
    letter: "M",
    words: ["merge", "gabung", "gabungkan"],
    takes: "incident",
    twice: true,
  },
  { kind: "close", example: "117 c handled", letter: "C", words: ["close", "tutup"], takes: "ending", twice: true },
  {
    kind: "shortfall",
    example: "117 k tidak ada lagi",
    letter: "K",
    words: ["shortfall", "kurang"],
    takes: "text",
    twice: false,
  },
  { kind: "show", example: "? DMK1", letter: "", words: ["show", "cari"], takes: "text", twice: false },
  { kind: "help", example: "help", letter: "", words: ["help", "bantuan"], takes: "nothing", twice: false },
];

/** The row of a kind. @param {string} kind @returns {Row} */
export const rowOf = (kind) => /** @type {Row} */ (COMMANDS.find((row) => row.kind === kind));

/**
 * The command that a word, or after a number a letter, stands for.
 * @param {string} written
 * @param {boolean} letters
 * @returns {Row | undefined}
 */
export function commandOf(written, letters) {
  const low = written.toLowerCase();
  return COMMANDS.find(
    (row) => row.words.includes(low) || (letters && row.letter !== "" && row.letter.toLowerCase() === low),
  );
}
