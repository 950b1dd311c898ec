namespace LlmTr.Api.Keys;

/// <summary>A secret that is made on the first start and kept in the data folder, readable by its owner alone.</summary>
internal static class SecretFile
{
    /// <summary>Reads the secret, or makes and keeps it. The file is complete or absent, whenever the process dies.</summary>
    public static string ReadOrCreate(string path, Func<string> make)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
            return kept;

        var made = make();
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(made + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        return made;
    }
}
