"""From a question to an answer with its citations; knows neither HTTP nor Gradio."""
