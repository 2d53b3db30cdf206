namespace AdminPortal.Data;

/// <summary>A value holds U+0000 or half a character, which PostgreSQL cannot store. Nothing was sent.</summary>
public sealed class UnstorableTextException() : Exception("A value holds a character that PostgreSQL cannot store: U+0000, or half of a surrogate pair.");
