namespace AdminPortal.Web.Layout;

/// <summary>Acts of a page one at a time: the second click of a double click does nothing, and an outage is told.</summary>
internal sealed class OneAct(Messages messages)
{
    /// <summary>True while something is being done: buttons are off meanwhile.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Does nothing while something else is being done.</summary>
    public async Task RunAsync(Func<Task> act)
    {
        if (IsBusy)
        {
            return;
        }

        IsBusy = true;
        try
        {
            await messages.TryAsync(act);
        }
        finally
        {
            IsBusy = false;
        }
    }
}
