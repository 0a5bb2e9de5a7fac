#Requires -Version 5.1
<#
.SYNOPSIS
Installs Localis for Excel for the person who is signed in. No administrator is needed.

.DESCRIPTION
Finds Python 3.11 or later, makes a virtual environment in %LOCALAPPDATA%\Localis\venv, installs
the package into it, and places the add-in where Excel opens it by itself. Run it again to upgrade.
Exit code 0: done. 1: not done; what to do is said.

.PARAMETER From
What to install: a wheel, the folder of the project (by default this script's), or the word index
for the package index that pip is set up to use.

.PARAMETER Wheelhouse
A folder with wheels of the package and all that it needs; nothing else is then asked, so that no
network is needed.

.PARAMETER CertificateThumbprint
Sign this script and the add-in with the code signing certificate of this thumbprint, from your
personal certificate store.

.PARAMETER Uninstall
Remove the add-in, its settings and the environment. Workbooks stay.

.PARAMETER Quiet
Print nothing but failures.

.EXAMPLE
.\install.ps1

.EXAMPLE
.\install.ps1 -From .\localis_commissioning-1.0.0-py3-none-any.whl -Wheelhouse \\server\wheels
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string] $From = '',
    [string] $Wheelhouse = '',
    [string] $CertificateThumbprint = '',
    [switch] $Uninstall,
    [switch] $Quiet
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Stop-Script([string] $What, [string] $Next) {
    throw "$What $Next"
}

function Write-Step([string] $Text) {
    if (-not $Quiet) {
        Write-Host $Text
    }
}

# No method of .NET may be called before this: the constrained language refuses it.
function Assert-Computer {
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
        Stop-Script 'A policy of this computer lets PowerShell run approved scripts only (its Constrained Language Mode).' 'Ask your IT department to approve or sign install.ps1, and to allow python.exe below %LOCALAPPDATA%\Localis; the README says how, under "Deploy to a council''s estate".'
    }
    if (-not $env:LOCALAPPDATA) {
        Stop-Script 'The folder for local application data is not known (LOCALAPPDATA is not set).' 'Run this on Windows, signed in as the person who will use Excel.'
    }
}

function Assert-ExcelClosed {
    $session = (Get-Process -Id $PID).SessionId
    $open = @(Get-Process -Name 'EXCEL' -ErrorAction SilentlyContinue | Where-Object { $_.SessionId -eq $session })
    if ($open.Count -gt 0) {
        Stop-Script 'Excel is running and holds files that are to be replaced.' 'Close every window of Excel and run this again; if none is open, end EXCEL.EXE in the Task Manager.'
    }
}

# Runs a program to its end. Its failure ends this script with what to do next.
function Invoke-Program([string] $Program, [string[]] $Arguments, [string] $Next) {
    # Windows PowerShell would take a line of warning for a failure.
    $ErrorActionPreference = 'Continue'
    $code = -1
    try {
        if ($Quiet) {
            & $Program $Arguments | Out-Null
        } else {
            & $Program $Arguments | Out-Host
        }
        $code = $LASTEXITCODE
    } catch {
        Stop-Script "$Program could not be started: $_" "If a policy or an antivirus program blocks it, ask your IT department to allow it. $Next"
    }
    if ($code -ne 0) {
        Stop-Script "$Program ended with exit code $code; what it said stands above." $Next
    }
}

# Why a Python will not do; nothing where it will. Only its exit code is read: what it prints
# would come in an encoding that spoils letters in paths. Here and below, Python is isolated (-I)
# from PYTHONHOME and PYTHONPATH, which other programs set, and from the folder it is run in.
function Get-PythonFault([string] $Program) {
    $ErrorActionPreference = 'Continue'
    $probe = "import sys, sysconfig, ensurepip, venv; sys.exit(3 if sys.version_info < (3, 11) else 4 if sysconfig.get_platform() != 'win-amd64' else 5 if 'WindowsApps' in sys.base_prefix else 0)"
    try {
        & $Program -I -c $probe 2>$null | Out-Null
    } catch {
        return 'cannot be started'
    }
    switch ($LASTEXITCODE) {
        0 { return '' }
        3 { return 'is older than 3.11' }
        4 { return 'is not the 64-bit build for x64 processors' }
        5 { return 'comes from the Microsoft Store, whose files Excel cannot see' }
        9009 { return 'only opens the Microsoft Store' }
        default { return 'does not work, or lacks venv' }
    }
}

function Find-Python {
    $found = @(Get-Command -Name 'py.exe', 'python.exe' -CommandType Application -All -ErrorAction SilentlyContinue | ForEach-Object { $_.Path })
    $places = @("$env:LOCALAPPDATA\Programs\Python\Python3*\python.exe", "$env:LOCALAPPDATA\Python\pythoncore-3*\python.exe", "$env:ProgramFiles\Python3*\python.exe")
    $found += @(Get-ChildItem -Path $places -ErrorAction SilentlyContinue | ForEach-Object { $_.FullName })
    $faults = ''
    foreach ($program in $found) {
        $fault = Get-PythonFault $program
        if ($fault -eq '') {
            return $program
        }
        $faults += " $program $fault."
    }
    Stop-Script "No suitable Python was found.$faults" 'Without an administrator: download the "Windows installer (64-bit)" of Python 3.11 or later from python.org, leave "Use admin privileges" unticked and choose "Install Now"; or run: winget install --scope user Python.Python.3.13. Then run this again.'
}

# What pip is asked to install.
function Get-Requirement {
    if ($From -eq 'index' -or ($From -eq '' -and $Wheelhouse -ne '')) {
        return 'localis-commissioning'
    }
    if ($From -eq '') {
        if (-not (Test-Path -LiteralPath "$PSScriptRoot\pyproject.toml")) {
            Stop-Script "The project is not in $PSScriptRoot." 'Say with -From which wheel to install, or give -Wheelhouse.'
        }
        return $PSScriptRoot
    }
    return Get-ExistingPath $From '-From'
}

function Get-ExistingPath([string] $Path, [string] $Parameter) {
    if (-not (Test-Path -LiteralPath $Path)) {
        Stop-Script "$Path, given with $Parameter, does not exist." 'Check the path, and that the drive or server is connected.'
    }
    # Windows PowerShell passes on a last backslash so that it swallows the quotation mark after it.
    return (Convert-Path -LiteralPath $Path) -replace '\\+$', ''
}

function Get-PipArgument {
    $arguments = @('-I', '-m', 'pip', 'install', '--upgrade', '--no-input', '--disable-pip-version-check')
    if ($Quiet) {
        $arguments += '--quiet'
    }
    if ($Wheelhouse -ne '') {
        $arguments += @('--no-index', '--find-links', (Get-ExistingPath $Wheelhouse '-Wheelhouse'))
    }
    return $arguments + @(Get-Requirement)
}

function Get-AddinArgument([string] $Action) {
    $arguments = @('-I', '-m', 'commissioning', 'addin', $Action)
    if ($Action -eq 'install' -and $CertificateThumbprint -ne '') {
        $arguments += @('--sign', $CertificateThumbprint)
    }
    return $arguments
}

function Install-Localis {
    $pip = Get-PipArgument
    Assert-ExcelClosed
    if (-not (Test-Path -LiteralPath $python) -or (Get-PythonFault $python) -ne '') {
        $base = Find-Python
        if ($PSCmdlet.ShouldProcess($venv, "Make a virtual environment with $base")) {
            Write-Step "Making the environment $venv"
            Invoke-Program $base @('-I', '-m', 'venv', '--clear', $venv) 'Check that you may write there and that there is room, then run this again.'
        }
    }
    if ($PSCmdlet.ShouldProcess($venv, 'Install the package')) {
        Write-Step 'Installing the package'
        Invoke-Program $python $pip 'Without a network, give -Wheelhouse; behind a proxy, set HTTPS_PROXY to its address; if a file is in use, end python.exe in the Task Manager. Then run this again.'
    }
    if ($PSCmdlet.ShouldProcess('Excel', 'Install the add-in')) {
        Write-Step 'Installing the add-in'
        Invoke-Program $python (Get-AddinArgument 'install') 'Do that, then run this again.'
    }
}

function Uninstall-Localis {
    if (-not (Test-Path -LiteralPath $venv)) {
        Write-Step "There is no $venv to remove. If Excel still shows the tab Localis, run this without -Uninstall, then again with it."
        return
    }
    Assert-ExcelClosed
    if ($PSCmdlet.ShouldProcess('Excel', 'Remove the add-in')) {
        Invoke-Program $python (Get-AddinArgument 'remove') 'If the environment is damaged, run this without -Uninstall first, then again with it.'
    }
    # These two obey -WhatIf by themselves.
    Remove-Item -LiteralPath $venv -Recurse -Force
    if (-not (Get-ChildItem -LiteralPath $root -Force)) {
        Remove-Item -LiteralPath $root -Force
    }
}

function Add-ScriptSignature {
    $certificate = Get-ChildItem -Path 'Cert:\CurrentUser\My' -CodeSigningCert | Where-Object { $_.Thumbprint -eq $CertificateThumbprint }
    if (-not $certificate) {
        Stop-Script "Your personal certificate store has no code signing certificate with the thumbprint $CertificateThumbprint." 'List them with: Get-ChildItem Cert:\CurrentUser\My -CodeSigningCert'
    }
    # Obeys -WhatIf by itself, and then returns nothing.
    $signature = Set-AuthenticodeSignature -LiteralPath $PSCommandPath -Certificate $certificate -HashAlgorithm 'SHA256'
    if ($signature -and $signature.Status -ne 'Valid') {
        Stop-Script "This script could not be signed: $($signature.StatusMessage)" 'Check that the certificate is valid and trusted here, and that the file may be written.'
    }
}

try {
    Assert-Computer
    $root = Join-Path -Path $env:LOCALAPPDATA -ChildPath 'Localis'
    $venv = Join-Path -Path $root -ChildPath 'venv'
    $python = Join-Path -Path $venv -ChildPath 'Scripts\python.exe'
    if ($Uninstall) {
        Uninstall-Localis
    } else {
        if ($CertificateThumbprint -ne '') {
            Add-ScriptSignature
        }
        Install-Localis
    }
    Write-Step 'Done.'
    exit 0
} catch {
    Write-Host "install.ps1: $_" -ForegroundColor Red
    exit 1
}
