"""The processes behind the page: `watch` reads the office, `edge` shows it, a supervisor keeps both alive."""
