/** Said when not even a catalogue could be loaded, hence in every language at once. */
export const BOOT_FAILED =
  "Thyme could not be loaded. Look at your connection and reload the page. · No se ha podido cargar Thyme. Comprueba tu conexión y vuelve a cargar la página.";
