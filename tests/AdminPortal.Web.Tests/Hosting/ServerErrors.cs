using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>The last errors that portals of this process logged: what a test says when an answer is 500.</summary>
internal sealed class ServerErrors : ILoggerProvider, ILogger
{
    private const int Kept = 5;
    private static readonly ConcurrentQueue<string> _errors = [];

    public static string Text => string.Join(Environment.NewLine, _errors);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        _errors.Enqueue($"{formatter(state, exception)} {exception}");
        while (_errors.Count > Kept)
        {
            _errors.TryDequeue(out _);
        }
    }

    public void Dispose()
    {
    }
}
