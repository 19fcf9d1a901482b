"""Conversion of HTML to PDF/A-3a + PDF/UA-1. No model, no database, no network: text and pictures in, bytes out."""
