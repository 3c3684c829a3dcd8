"""The database: tables, sessions, migrations. The rest of `bot` asks it in SQLAlchemy's words."""
