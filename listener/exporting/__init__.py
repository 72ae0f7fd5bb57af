"""Tables as files for other programs: CSV, JSONL, XLSX and Parquet, row by row, however long they are."""
