namespace LlmTr.Xai.Catalogue;

/// <summary>The catalogue file cannot be used. The message is one sentence that names the file, the model and the field at fault.</summary>
/// <param name="message">That sentence.</param>
/// <param name="cause">What was thrown below, where something was.</param>
public sealed class CatalogueException(string message, Exception? cause = null) : Exception(message, cause);
