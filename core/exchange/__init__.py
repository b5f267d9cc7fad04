"""Data that come in and go out as workbooks and CSV files."""
