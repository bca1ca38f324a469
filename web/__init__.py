"""The live pages, their texts for the browser, the navigation round them, and the table of keys."""
