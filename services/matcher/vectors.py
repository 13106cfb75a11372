"""The column type of a face vector: pgvector's on PostgreSQL, the bytes of its float32 numbers elsewhere."""

from typing import Any

import numpy as np
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine


class FaceVector(TypeDecorator[np.ndarray]):
    """A float32 array of shape (dimension,) in memory. No length is declared: each pack has its own.

    What is no vector of finite numbers cannot be written: ValueError. Bytes that are none read as an empty array.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(VECTOR() if dialect.name == "postgresql" else LargeBinary())

    def process_bind_param(self, value: np.ndarray | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        plain = np.asarray(value, dtype="<f4")
        if plain.ndim != 1 or not len(plain) or not np.isfinite(plain).all():
            raise ValueError("not a face vector: it must be one row of finite numbers")
        return plain if dialect.name == "postgresql" else plain.tobytes()

    def process_result_value(self, value: Any, dialect: Dialect) -> np.ndarray | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return np.asarray(value, np.float32)
        return np.frombuffer(value if len(value) % 4 == 0 else b"", "<f4")
