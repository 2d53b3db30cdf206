using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Monitoring;

/// <summary>An error of this instance's log.</summary>
/// <param name="Text">Without what looks like a secret or an address of mail.</param>
/// <param name="TraceId">The request that it belongs to, as in the log's line of that request; null: none.</param>
public sealed record ErrorLine(DateTimeOffset At, string Category, string Text, string? TraceId);

/// <summary>The errors of this instance's log since it started: how many, and the last of them. Bounded: in memory only.</summary>
public sealed class ErrorLog(PortalMeter meter, TimeProvider time)
{
    public const int Kept = 50;

    private readonly Lock gate = new();
    private readonly Queue<ErrorLine> lines = new(Kept);
    private Action<ErrorLine>? heard;
    private long count;

    public DateTimeOffset Since { get; } = time.GetUtcNow();

    public long Count => Interlocked.Read(ref count);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<ErrorLine> Last()
    {
        lock (gate)
        {
            return [.. lines.Reverse()];
        }
    }

    /// <summary>Told of each error on whatever thread logs it; whoever listens must not wait.</summary>
    internal void Listen(Action<ErrorLine> listener)
    {
        lock (gate)
        {
            heard += listener;
        }
    }

    internal void Leave(Action<ErrorLine> listener)
    {
        lock (gate)
        {
            heard -= listener;
        }
    }

    internal void Add(string category, string text, Exception? exception)
    {
        meter.Failed();
        Interlocked.Increment(ref count);
        var whole = exception is null ? text : string.Create(CultureInfo.InvariantCulture, $"{text} {exception.GetType().Name}: {exception.Message}");
        var line = new ErrorLine(time.GetUtcNow(), category, ErrorText.Redact(whole), System.Diagnostics.Activity.Current?.TraceId.ToString());
        lock (gate)
        {
            if (lines.Count == Kept)
            {
                lines.Dequeue();
            }

            lines.Enqueue(line);
        }

        heard?.Invoke(line);
    }
}

/// <summary>Hands errors of any category to <see cref="ErrorLog"/>, beside the providers that write them down.</summary>
[ProviderAlias("Errors")]
internal sealed class ErrorLogProvider(ErrorLog errors) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, errors);

    public void Dispose()
    {
        // Nothing is open.
    }

    private sealed class Logger(string category, ErrorLog errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Error or LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                errors.Add(category, formatter(state, exception), exception);
            }
        }
    }
}
