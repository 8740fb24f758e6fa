"""The representative rule in column engines, over the products of src/main.rs: processor time of one thread.

Prints a line for each of NumPy, Polars, pandas and DuckDB that is installed. Amounts are floating-point numbers.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = "1"

import importlib
import time

ROWS = 200_000
ROUNDS = 9


def available(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def report(name, work):
    def once():
        began = time.process_time()
        work()
        return time.process_time() - began

    print(f"{name}: {min(once() for _ in range(ROUNDS)) * 1e9 / ROWS:.1f} ns a product")


numpy = available("numpy")
if numpy is None:
    raise SystemExit("NumPy is not installed")

random = numpy.random.default_rng(7)
cost = random.integers(200, 50_000, ROWS) / 100
price = numpy.floor(cost * random.integers(120, 190, ROWS)) / 100
none = random.random(ROWS) < 0.1
columns = {
    "role": random.integers(0, 4, ROWS).astype(numpy.uint8),
    "stock": random.integers(0, 200, ROWS),
    "own_brand": random.random(ROWS) < 0.1,
    "key_value": random.random(ROWS) < 0.1,
    "price": price,
    "cost": cost * 0.8,
    "lowest": numpy.where(none, 0.0, price * random.integers(80, 125, ROWS) / 100),
    "rrp": price * 1.3,
    "min_price": numpy.where(random.random(ROWS) < 0.1, price * 0.7, 0.0),
    "max_price": numpy.where(random.random(ROWS) < 0.1, price * 2.0, 1e9),
}


def by_columns(np, where, minimum, maximum, c):
    applies = (c["role"] <= 1) & (c["stock"] >= 5) & ~c["own_brand"] & ~c["key_value"]
    rule = where(c["lowest"] > 0, c["lowest"] * 0.995, c["cost"] * (1.19 / 0.75))
    wanted = where(applies, rule, c["price"])
    low = maximum(maximum(c["cost"] * (1.19 / 0.9), c["min_price"]), c["price"] * 0.9)
    high = minimum(minimum(c["rrp"], c["max_price"]), c["price"] * 1.1)
    clamped = minimum(maximum(wanted, low), high)
    ended = np.floor(clamped * 10) / 10 + 0.09
    return where(ended > high, ended - 0.1, ended)


report("NumPy", lambda: by_columns(numpy, numpy.where, numpy.minimum, numpy.maximum, columns))

pandas = available("pandas")
if pandas is not None:
    frame = pandas.DataFrame(columns)

    def work():
        where = lambda test, one, other: pandas.Series(numpy.where(test, one, other))
        by_columns(numpy, where, numpy.minimum, numpy.maximum, frame)

    report("pandas", work)

polars = available("polars")
if polars is not None:
    table = polars.DataFrame(columns)

    class Functions:
        floor = staticmethod(lambda value: value.floor())

    expression = by_columns(
        Functions,
        lambda test, one, other: polars.when(test).then(one).otherwise(other),
        polars.min_horizontal,
        polars.max_horizontal,
        {name: polars.col(name) for name in columns},
    ).alias("new")
    report("Polars", lambda: table.select(expression))

duckdb = available("duckdb")
if duckdb is not None and pandas is not None:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE TABLE product AS SELECT * FROM frame")
    question = """
        WITH wanted AS (
            SELECT price, rrp, cost, min_price, max_price,
                CASE WHEN role <= 1 AND stock >= 5 AND NOT own_brand AND NOT key_value
                    THEN CASE WHEN lowest > 0 THEN lowest * 0.995 ELSE cost * (1.19 / 0.75) END ELSE price END AS wanted
            FROM product),
        clamped AS (
            SELECT least(rrp, max_price, price * 1.1) AS high,
                least(greatest(wanted, cost * (1.19 / 0.9), min_price, price * 0.9), rrp, max_price, price * 1.1) AS price
            FROM wanted),
        ended AS (SELECT high, floor(price * 10) / 10 + 0.09 AS price FROM clamped)
        SELECT sum(CASE WHEN price > high THEN price - 0.1 ELSE price END) FROM ended
    """
    report("DuckDB", lambda: connection.execute(question).fetchall())
