"""The live alerts in memory: kept as the table is, chosen from by place and time, and served again as they are."""
