using System.Globalization;
using LlmTr.Silo.Tests.Corpus;
using LlmTr.Silo.Tests.Ledgers;
using LlmTr.Silo.Tests.Measuring;

// The test runner does not come by here: it loads this assembly. These are for processes that are killed, for people who want figures, and for a new folder of the corpus.
return args switch
{
    ["append", var folder] => await AppendUntilKilled.RunAsync(folder),
    ["append", var folder, var longTail] => await AppendUntilKilled.RunAsync(folder, int.Parse(longTail, CultureInfo.InvariantCulture)),
    ["append-azure", var connectionString, var prefix] => await AppendUntilKilled.RunOnAzureAsync(connectionString, prefix),
    ["measure-azure", var connectionString] => await AzureLedgerMeasurement.RunAsync(Console.Out, connectionString),
    ["measure"] => await DurableCommandsMeasurement.RunAsync(Console.Out),
    ["measure-account"] => await AccountMeasurement.RunAsync(Console.Out, entries: 1_000_000),
    ["corpus", var folder] => CorpusFiles.Write(folder),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet LlmTr.Silo.Tests.dll append FOLDER [BYTES-OF-TAIL] | append-azure CONNECTION-STRING PREFIX | measure | measure-account | measure-azure CONNECTION-STRING | corpus FOLDER");
    return 2;
}
