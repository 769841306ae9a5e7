"""Forms of questions: pasted texts, reasons, definitions, comparisons."""
