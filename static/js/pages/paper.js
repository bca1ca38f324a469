/** A page that is made to be printed: its button opens the browser's print dialog. */
document.getElementById("print")?.addEventListener("click", () => print());
