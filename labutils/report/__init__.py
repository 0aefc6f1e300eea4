"""One self-contained HTML page of a run or a sweep: how it ended, charts, a table, and every executed notebook."""
