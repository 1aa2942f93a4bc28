// Connections, statements and migrations of SQLite.
