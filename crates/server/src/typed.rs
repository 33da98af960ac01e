//! 命令行 — what was typed, read in Chinese: help, and what to say when it cannot be read.

use clap::{
    Arg, ArgAction, ArgMatches, Command, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// The same command with its help in Chinese, all the way down.
pub fn in_chinese(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助").help_heading("选项");
    let mut command = command.disable_help_flag(true).arg(help);
    if command.get_version().is_some() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(version.help("显示版本").help_heading("选项"));
    }
    let template = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
    let command = command.help_template(template).next_help_heading("选项");
    let command = command.mut_args(|arg| {
        let takes = arg.get_action().takes_values();
        arg.hide_default_value(takes).help_heading("选项")
    });
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, in_chinese))
}

/// Reads what was typed.
///
/// # Errors
/// The sentence to say and the code to end with; help and version end with 0.
pub fn read(command: Command, typed: impl Iterator<Item = std::ffi::OsString>) -> Result<ArgMatches, (String, u8)> {
    in_chinese(command).try_get_matches_from(typed).map_err(|why| match why.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (shown(&why), 0),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (shown(&why), 2),
        kind => (format!("{}。用 shuyun --help 查看用法", sentence(kind, &why)), 2),
    })
}

fn sentence(kind: ErrorKind, why: &Error) -> String {
    let told = |kind: ContextKind| match why.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let (argument, value) = (told(ContextKind::InvalidArg), told(ContextKind::InvalidValue));
    match kind {
        ErrorKind::UnknownArgument => format!("不认识的选项“{argument}”"),
        ErrorKind::InvalidSubcommand => format!("不认识的命令“{}”", told(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少内容"),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => format!("{argument} 的内容“{value}”不合格式"),
        ErrorKind::ArgumentConflict => format!("{argument} 不能重复，也不能与别的选项同时使用"),
        _ => "命令行读不懂".to_owned(),
    }
}

/// The one word that the library keeps in English.
fn shown(help: &Error) -> String {
    help.to_string().replace("[OPTIONS]", "[选项]")
}
