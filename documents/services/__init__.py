"""Operations that span several records. Keyword-only, ``<entity>_<verb>``, the acting person always explicit."""
