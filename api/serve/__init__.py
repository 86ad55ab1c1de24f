"""The processes of a served office: `watch` reads it, `work` changes it, `edge` shows it, and who keeps them alive."""
