using LlmTr.Grains.Video;
using Orleans.Storage;

namespace LlmTr.Silo.Azure.GrainStorage;

/// <summary>
/// Video jobs as <see cref="VideoJobJson"/> writes them, whichever grain storage keeps them. Orleans' own serializer would write names of assemblies into what is stored.
/// </summary>
public sealed class VideoJobSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">It is no video job.</exception>
    public BinaryData Serialize<T>(T? input) => input is VideoJob job ? new BinaryData(VideoJobJson.Write(job)) : throw NoJob<T>();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">It is no video job that is wanted.</exception>
    /// <exception cref="InvalidDataException">It cannot be read, or is of a newer version.</exception>
    public T? Deserialize<T>(BinaryData input) => VideoJobJson.Read(input.ToMemory().Span) is T job ? job : throw NoJob<T>();

    private static NotSupportedException NoJob<T>() => new($"This storage keeps video jobs, and no {typeof(T).Name}.");
}
