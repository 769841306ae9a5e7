"""Encoder and reader whose seconds are measured."""

from dataclasses import replace
from typing import cast

from app.metrics.measures import Timed
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import Identity
from index.reader.reader import Reader
from index.search.models import Models


def timed_encoder(identity: Identity) -> Encoder:
    """The encoder with this identity. Raises as `load_encoder` does."""
    return cast("Encoder", Timed(load_encoder(identity), "questions", "encode"))


def timed_models(models: Models) -> Models:
    """The same models with the reader measured."""
    return replace(models, reader=cast("Reader", Timed(models.reader, "read", "read"))) if models.reader else models
