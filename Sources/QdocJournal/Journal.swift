// Runs, calls and money, kept in the store.
