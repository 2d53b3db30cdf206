namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>The embedded PostgreSQL cannot be used. The message is written for the person at the terminal and says what to do.</summary>
public class EmbeddedDatabaseException : Exception
{
    public EmbeddedDatabaseException(string message)
        : base(message)
    {
    }

    public EmbeddedDatabaseException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public EmbeddedDatabaseException()
    {
    }
}
