"""Files that people bring: PDF, DOCX, TXT, EML, HTML and WARC, to articles with pages in the archive."""
