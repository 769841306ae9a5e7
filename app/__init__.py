"""Chat, article reader and HTTP interface on top of the index; the only place that knows Gradio or HTTP."""
